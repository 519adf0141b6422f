-- ARGV: not-after, deadline, last accessed, then fields and values in turn. Answers 0 back, 1 present,
-- 2 ended, 3 late, 4 unreadable. The other key that is looked at, of the same slot, is what destroy
-- leaves behind.
if redis.call('EXISTS', key) == 1 then
  return {now, 1}
end
if redis.call('EXISTS', key .. ':gone') == 1 then
  return {now, 2}
end
if now > tonumber(ARGV[1]) then
  return {now, 3}
end
local fields = {}
local times_at
for i = 4, #ARGV do
  fields[#fields + 1] = ARGV[i]
  if i % 2 == 0 and ARGV[i] == 'm:x' then
    times_at = #fields + 1
  end
end
local accessed, idle, rest = string.match(
  times_at and fields[times_at] or '', '^%d+ (%d+) (%-?%d+)( .*)$')
if not accessed then
  return {now, 4}
end
local absolute = tonumber(string.match(rest, '^ %d+ (%d+)'))
local at = math.min(tonumber(ARGV[2]), now + lifetime(tonumber(idle), MAX_SLACK))
if absolute then
  at = math.min(at, absolute + GRACE)
end
if at - GRACE <= now then
  return {now, 2}
end
accessed = math.max(tonumber(accessed), tonumber(ARGV[3]))
fields[times_at] = decimal(at) .. ' ' .. decimal(accessed) .. ' ' .. idle .. rest
local refused = write(fields)
if refused then
  return refused
end
redis.call('PEXPIREAT', key, decimal(at))
return {now, 0}

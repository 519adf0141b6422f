-- Every reply carries the stamp, which says of which session it is. ARGV: not-after, slack, secret hash, stamp, created, idle, absolute or '', '=' .. principal or '',
-- milliseconds of the first life or '', accessed, then attribute names and values in turn.
if redis.call('EXISTS', key) == 1 then
  if redis.pcall('HGET', key, 'm:v') == ARGV[4] then
    return {now, SAVED, ARGV[4]}
  end
  return {now, GONE, ARGV[4]}
end
if now > ARGV[1] + 0 then
  return {now, LATE, ARGV[4]}
end
local absolute = ARGV[7] ~= '' and ARGV[7] + 0 or nil
local at = deadline(ARGV[6] + 0, ARGV[2] + 0, absolute)
if ARGV[9] ~= '' and now + ARGV[9] + GRACE < at + 0 then
  at = decimal(now + ARGV[9] + GRACE)
end
local fields = {
  'm:h', ARGV[3], 'm:v', ARGV[4], 'm:c', ARGV[5],
  'm:x', at .. ' ' .. ARGV[10] .. ' ' .. ARGV[6] .. ' 0' .. (absolute and ' ' .. ARGV[7] or '')
}
if ARGV[8] ~= '' then
  fields[#fields + 1] = 'm:u'
  fields[#fields + 1] = string.sub(ARGV[8], 2)
end
for i = 11, #ARGV, 2 do
  fields[#fields + 1] = 'a:' .. ARGV[i]
  fields[#fields + 1] = ARGV[i + 1]
end
local refused = write(fields)
if refused then
  return refused
end
redis.call('PEXPIREAT', key, at)
return {now, SAVED, ARGV[4]}

-- Every reply carries the stamp, which says of which session it is. ARGV: not-after, slack, secret hash, stamp, created, idle, absolute or '', '=' .. principal or '',
-- milliseconds of the first life or '', accessed, then attribute names and values in turn.
if redis.call('EXISTS', key) == 1 then
  if redis.pcall('HGET', key, 'm:v') == ARGV[4] then
    return {now, SAVED, ARGV[4]}
  end
  return {now, GONE, ARGV[4]}
end
if now > tonumber(ARGV[1]) then
  return {now, LATE, ARGV[4]}
end
local idle = tonumber(ARGV[6])
local absolute = tonumber(ARGV[7])
local at = deadline(idle, tonumber(ARGV[2]), absolute)
local first = tonumber(ARGV[9])
if first then
  at = math.min(at, now + first + GRACE)
end
local fields = {
  'm:h', ARGV[3], 'm:v', ARGV[4], 'm:c', ARGV[5],
  'm:x', times(at, tonumber(ARGV[10]), idle, 0, absolute)
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
redis.call('PEXPIREAT', key, decimal(at))
return {now, SAVED, ARGV[4]}

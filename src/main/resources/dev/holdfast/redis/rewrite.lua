-- ARGV: stamp of the session as it was read; principal's field to be written, as '=' .. bytes, '-' to
-- remove it, '' to leave it;
-- then name, stamp read and value of each attribute. Puts other bytes of the same meaning in the place
-- of what was read, where it is still that: no access and no change, so times and stamps stay. HSET
-- keeps the TTL.
local s = live()
if not s then
  return {now, 0, ARGV[1]}
end
local fields = {}
local function put(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end
local done = 0
if ARGV[2] ~= '' and s.stamp == ARGV[1] then
  if ARGV[2] == '-' then
    done = redis.call('HDEL', key, 'm:u')
  else
    put('m:u', string.sub(ARGV[2], 2))
  end
end
for i = 3, #ARGV, 3 do
  local written = redis.call('HGET', key, 'r:' .. ARGV[i])
  if not written and redis.call('HGET', key, 'a:' .. ARGV[i]) then
    written = s.first or s.stamp
  end
  if written == ARGV[i + 1] then
    put('a:' .. ARGV[i], ARGV[i + 2])
  end
end
if #fields == 0 then
  return {now, done, ARGV[1]}
end
local refused = write(fields)
if refused then
  return refused
end
return {now, done + #fields / 2, ARGV[1]}

-- The key says whether Redis has lost everything: whoever finds it missing puts the sessions back.
-- ARGV: node, lease, 1 when it is done. Answers 0 nothing to do, 1 yours, 2 another node is at it.
if ARGV[3] == '1' then
  redis.call('HSET', key, 'done', decimal(now))
  redis.call('HDEL', key, 'node', 'until')
  return {now, 0}
end
local f = redis.call('HMGET', key, 'done', 'node', 'until')
if f[1] then
  return {now, 0}
end
if f[2] and f[2] ~= ARGV[1] and tonumber(f[3]) > now then
  return {now, 2}
end
redis.call('HSET', key, 'node', ARGV[1], 'until', decimal(now + tonumber(ARGV[2])))
return {now, 1}

-- On a shard of the expiry index. ARGV: how many to take at most, how long they must be overdue, for
-- how long they are withheld from others; then for each that was taken before: member, the score it
-- was given then, and a new score, or '' when it is done with. One that was filed anew meanwhile is
-- left as it is. ZREM comes first: after a write that needs no memory, ZADD is not refused at
-- maxmemory either.
redis.call('ZREM', key, '')
for i = 4, #ARGV, 3 do
  if redis.call('ZSCORE', key, ARGV[i]) == ARGV[i + 1] then
    if ARGV[i + 2] == '' then
      redis.call('ZREM', key, ARGV[i])
    else
      redis.call('ZADD', key, ARGV[i + 2], ARGV[i])
    end
  end
end
local due = {}
if ARGV[1] ~= '0' then
  due = redis.call(
    'ZRANGEBYSCORE', key, '-inf', decimal(now - tonumber(ARGV[2])), 'LIMIT', '0', ARGV[1])
end
local withheld = decimal(now + tonumber(ARGV[3]))
for _, member in ipairs(due) do
  redis.call('ZADD', key, withheld, member)
end
return {now, withheld, due}

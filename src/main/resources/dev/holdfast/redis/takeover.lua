-- Who takes over a session of another store, and where it leads. Every reply carries the key. ARGV: what to do, what leads to
-- the new session or '', milliseconds that the claim is kept or ''.
local lead = redis.call('HGET', key, 'l')
local what = ARGV[1]
local reply = {now, key, redis.call('HGET', key, 's') and 1 or 0, lead or ''}
if what == 'claim' and not lead then
  redis.call('HSET', key, 'l', ARGV[2])
  redis.call('PEXPIREAT', key, decimal(now + ARGV[3]))
elseif what == 'settle' and (lead == ARGV[2] or not lead) then
  redis.call('HSET', key, 'l', ARGV[2], 's', '1')
  redis.call('PEXPIREAT', key, decimal(now + ARGV[3]))
elseif what == 'release' and lead == ARGV[2] then
  redis.call('DEL', key)
end
return reply

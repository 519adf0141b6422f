-- No write here needs memory, so it works at maxmemory.
-- ARGV: with a backup, for how long the session cannot be put back, at least, -1 for as long as it
-- could have lived, else ''; the channel on which other nodes hear of the end, and what they hear. A
-- user who may not publish ends sessions all the same. After DEL, a write, Redis refuses the script
-- nothing. The reply says whose end it is, as the fields may be damaged.
local fields = redis.pcall('HGETALL', key)
local left = redis.call('PTTL', key)
redis.call('DEL', key)
if fields.err then
  fields = {}
end
local refuse = tonumber(ARGV[1])
if refuse then
  if refuse < 0 then
    refuse = left > 0 and left or NEVER
  end
  redis.call('HSET', key .. ':gone', 'at', decimal(now))
  redis.call('PEXPIREAT', key .. ':gone', decimal(now + refuse))
end
if #fields > 0 then
  redis.pcall('PUBLISH', ARGV[2], ARGV[3])
end
return {now, left, fields, ARGV[3]}

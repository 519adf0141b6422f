-- The index of one user: a sorted set of locators, scored with the time of their login.
-- ARGV: 1 'file', 'list', 'refile' or 'forget'; 2 locator or ''; 3 members at most, 0 for any number:
-- that there may be, or that 'list' answers, those filed last, up to LISTED characters in all;
-- 4 milliseconds the key is kept at least; 5 for 'forget': not what was filed after this; then
-- member and score of those to be removed. Answers {now, filed, count, key, member, score ...}.
local LISTED = 4000000
local operation, locator = ARGV[1], ARGV[2]
for i = 6, #ARGV, 2 do
  -- As numbers: whoever else can write here may have filed it with a fraction, or for ever.
  local score = tonumber(redis.call('ZSCORE', key, ARGV[i]) or '')
  if score and math.max(-2^63, math.min(math.floor(score), 2^63)) == tonumber(ARGV[i + 1]) then
    redis.call('ZREM', key, ARGV[i])
  end
end
local mine = locator ~= '' and redis.call('ZSCORE', key, locator)
local count = redis.call('ZCARD', key)

local function keep()
  local left = tonumber(ARGV[4])
  if redis.call('PTTL', key) < left then
    redis.call('PEXPIREAT', key, decimal(now + left))
  end
end

if operation == 'forget' then
  if mine and tonumber(mine) <= tonumber(ARGV[5]) then
    redis.call('ZREM', key, locator)
  end
  return {now, 0, count, key}
end
if operation == 'refile' then
  if not mine then
    redis.call('ZADD', key, decimal(now), locator)
  end
  keep()
  return {now, 1, count, key}
end
if operation == 'file' then
  local limit = tonumber(ARGV[3])
  if mine or limit == 0 or count < limit then
    redis.call('ZADD', key, decimal(now), locator)
    keep()
    return {now, 1, mine and count or count + 1, key}
  end
end
local most = operation == 'list' and tonumber(ARGV[3]) or 0
local reply = redis.call('ZRANGE', key, most > 0 and -most or 0, -1, 'WITHSCORES')
if most > 0 then
  local found, left = reply, LISTED
  reply = {}
  for i = #found - 1, 1, -2 do
    if #found[i] <= left then
      left = left - #found[i]
      table.insert(reply, found[i])
      table.insert(reply, found[i + 1])
    end
  end
end
table.insert(reply, 1, key)
table.insert(reply, 1, count)
table.insert(reply, 1, 0)
table.insert(reply, 1, now)
return reply

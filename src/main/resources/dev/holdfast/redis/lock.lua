-- Takes a place in the line for a session's lock, shows that who has it is alive, or leaves it.
-- ARGV: 1 not-after, 2 token, 3 milliseconds for which the lock is held, 0 to leave, 4 milliseconds
-- for which a place is, 5 secret hash, or '' to keep what the token has and take nothing.
-- Answers the token, which says whose reply it is, and the stamp.
-- A place that would be kept for longer was taken before the clock was set back.
local MAX_LEASE = 600000
local token = ARGV[2]
local lease = tonumber(ARGV[3])
if lease > 0 and now > tonumber(ARGV[1]) then
  return {now, LATE, token}
end
local s = live()
if not s then
  return {now, GONE, token}
end
local stays = lease > 0 and (ARGV[5] == '' or opens(s, ARGV[5]))
local before = redis.call('HGET', key, 'm:l') or ''
local line = {}
local place
for other, at in string.gmatch(before, '(%S+) (%d+)') do
  if other == token then
    -- Also if its time is over: as long as nobody has taken the lock from it, it is its own.
    if stays then
      line[#line + 1] = ''
      place = #line
    end
  elseif tonumber(at) > now and tonumber(at) <= now + MAX_LEASE then
    line[#line + 1] = other .. ' ' .. at
  end
end
if stays and not place and ARGV[5] ~= '' then
  line[#line + 1] = ''
  place = #line
end
if place then
  line[place] = token .. ' ' .. decimal(now + (place == 1 and lease or tonumber(ARGV[4])))
end
local after = table.concat(line, ' ')
if after ~= before then
  -- First, since it needs no memory: after a write Redis refuses the script nothing, not even when
  -- it is full.
  redis.call('HDEL', key, 'm:l')
  if after ~= '' then
    redis.call('HSET', key, 'm:l', after)
  end
  local first = string.match(after, '^%S+')
  if first and first ~= token and first ~= string.match(before, '^%S+') then
    tell(after)
  end
end
if not place then
  return {now, ARGV[5] == '' and LOCK_LOST or GONE, token}
end
return {now, place == 1 and SAVED or LOCK_LOST, token, s.stamp}

-- The line for a session's lock is its field m:l: the tokens of those in line, each with the
-- millisecond at which it is forgotten if it shows no sign of life, a space between all of them. The
-- first one has the lock.

-- Tells the first one that is alive, wherever it waits, that the lock is its own.
local function tell(line)
  for token, at in string.gmatch(line, '(%S+) (%d+)') do
    if tonumber(at) > now then
      redis.pcall('PUBLISH', string.match(key, '^(.*):{') .. ':ended', 'lock ' .. token)
      return
    end
  end
end

-- Stands in front of every script. Milliseconds throughout; the clock is Redis's.
--
-- Numbers stay text wherever they can: of all that a script does, making text of a number costs Redis
-- most, and tonumber comes next. Where text is known to be a number, one + 0 costs half as much.
local GRACE = 300000
local NEVER = 31536000000
local MAX_SLACK = 3600000
local CLOCK_STEP = 10000
local SAVED, GONE, FENCED, LATE, MOVED, NOT_RENEWED, LOCK_LOST = 0, 1, 2, 3, 4, 5, 6

local key = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function decimal(number)
  return string.format('%.0f', number)
end

local function lifetime(idle, slack)
  if idle <= 0 then
    return NEVER
  end
  return idle * 1000 + (slack < idle * 100 and slack or idle * 100) + GRACE
end

-- As text: it goes into m:x and is what PEXPIREAT gets.
local function deadline(idle, slack, absolute)
  local at = now + lifetime(idle, slack)
  if absolute and at > absolute + GRACE then
    at = absolute + GRACE
  end
  return decimal(at)
end

-- The later of two times, both text.
local function later(one, other)
  return other + 0 > one + 0 and other or one
end

-- The session if there is one whose time is not over, else nil.
local function live()
  local f = redis.pcall('HMGET', key, 'm:h', 'm:v', 'm:x', 'm:s', 'm:p')
  if f.err or not (f[1] and f[2] and f[3]) then
    return nil
  end
  local at, accessed, seconds, epoch, last =
    string.match(f[3], '^(%d+) (%d+) (%-?%d+) (%d+) ?(%d*)$')
  if not accessed then
    return nil
  end
  local idle = seconds + 0
  local absolute = last ~= '' and last + 0 or nil
  local left = redis.call('PTTL', key)
  if left <= GRACE then
    return nil
  end
  -- Longer than any script sets it, unless the clock was set back since: then it ends when m:x says.
  if left > lifetime(idle, MAX_SLACK) + CLOCK_STEP and math.abs(at - now - left) > CLOCK_STEP then
    return nil
  end
  if absolute and absolute <= now then
    return nil
  end
  return {
    hash = f[1], stamp = f[2], first = f[4], previous = f[5], at = at, accessed = accessed,
    idle = idle, epoch = epoch, absolute = absolute,
    -- What follows the last access in m:x.
    rest = seconds .. ' ' .. epoch .. (absolute and ' ' .. last or '')
  }
end

-- HSET of a flat list, in pieces that fit Lua's stack. Answers the error if the first is refused.
local function write(pairs)
  for from = 1, #pairs, 1000 do
    local reply = redis.pcall('HSET', key, unpack(pairs, from, math.min(from + 999, #pairs)))
    if type(reply) == 'table' and reply.err then
      return reply
    end
  end
  return nil
end

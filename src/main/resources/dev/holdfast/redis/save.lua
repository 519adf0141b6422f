-- Every reply carries a stamp, which says of which session it is: the one found when saved.
-- ARGV: 1 not-after, 2 slack, 3 epoch, with the token that must have the session's lock behind ' +',
-- or behind ' -' when it gives the lock up; 4 new stamp, 5 last accessed or '' when this is no access,
-- 6 idle or '', 7 principal: '' unchanged, '-' none, '=' .. bytes, or a seal over all metadata:
-- '?' .. length .. ':' .. idle .. ':' .. secret hash, these two as they are afterwards, .. that many
-- bytes that must be there now .. bytes;
-- 8 '', or a rotation: expected secret hash .. new secret hash .. milliseconds to remember the
-- replaced one, negative: a renewal, after which the replaced one opens the session for so long, and
-- which is left out if somebody else was first .. ' ' .. when the secret is replaced, which a seal may
-- hold, or nothing for now;
-- 9, 10 how many written and changed in place; then
-- name, value of each written; name, stamp read, value of each changed in place; names removed.
local s = live()
if not s then
  return {now, GONE, ARGV[4]}
end
local rotates, renews, expected, hash, remember, rotated = ARGV[8] ~= '', false, nil, nil, nil, nil
if rotates then
  expected, hash = string.sub(ARGV[8], 1, 32), string.sub(ARGV[8], 33, 64)
  remember, rotated = string.match(ARGV[8], '^(%-?%d+) (%d*)$', 65)
  remember, rotated = tonumber(remember), tonumber(rotated) or now
  renews = remember < 0
end
if s.stamp == ARGV[4] then
  return {now, renews and s.hash ~= hash and NOT_RENEWED or SAVED, s.stamp}
end
if now > ARGV[1] + 0 then
  return {now, LATE, ARGV[4]}
end
local entered, holds, token = ARGV[3], nil, nil
if entered ~= s.epoch then
  entered, holds, token = string.match(entered, '^(%d+) ([+-])(%S+)$')
end
if s.epoch ~= entered then
  return {now, FENCED, ARGV[4]}
end
-- The lease may be over: as long as nobody has taken the lock, nobody has read what this writes.
local line = token and (redis.call('HGET', key, 'm:l') or '')
if token and string.match(line, '^%S+') ~= token then
  return {now, LOCK_LOST, ARGV[4]}
end
-- In one epoch only a renewal can have been first; a login goes on from there.
local first = s.hash == expected
if rotates and not renews and not first then
  return {now, MOVED, ARGV[4]}
end
local principal = ARGV[7]
if principal ~= '' and string.sub(principal, 1, 1) == '?' then
  local length, sealed, from = string.match(principal, '^%?(%d+):(%-?%d+):()')
  local to = from + 32 + length
  local after = s.hash
  if rotates then
    after = (first or not renews) and hash or nil
  end
  if (redis.call('HGET', key, 'm:u') or '') ~= string.sub(principal, from + 32, to - 1)
    or string.sub(principal, from, from + 31) ~= after
    or tonumber(sealed) ~= (tonumber(ARGV[6]) or s.idle) then
    return {now, MOVED, ARGV[4]}
  end
  principal = to > #principal and '-' or '=' .. string.sub(principal, to)
end
local code = SAVED
if renews and not first then
  rotates, renews, code = false, false, NOT_RENEWED
end

local at, accessed, rest = s.at, s.accessed, s.rest
local logs_in = rotates and not renews
if ARGV[6] ~= '' or logs_in then
  rest = (ARGV[6] ~= '' and ARGV[6] or decimal(s.idle)) .. ' '
    .. (logs_in and decimal(s.epoch + 1) or s.epoch)
    .. (s.absolute and ' ' .. decimal(s.absolute) or '')
end
if ARGV[5] ~= '' then
  accessed = later(accessed, ARGV[5])
end
if ARGV[5] ~= '' or ARGV[6] ~= '' then
  at = deadline(ARGV[6] ~= '' and ARGV[6] + 0 or s.idle, ARGV[2] + 0, s.absolute)
end

local written = ARGV[9] + 0
local cursor = 11 + 2 * written
-- With room for three fields more: a table that grows costs more than the writing does.
local fields = {
  'm:v', ARGV[4], 'm:x', at .. ' ' .. accessed .. ' ' .. rest, nil, nil, nil, nil, nil, nil
}
local gone = {}
local function put(name, value)
  local size = #fields
  fields[size + 1] = name
  fields[size + 2] = value
end
for i = 11, cursor - 1, 2 do
  put('a:' .. ARGV[i], ARGV[i + 1])
  put('r:' .. ARGV[i], ARGV[4])
end
if not s.first then
  put('m:s', s.stamp)
end
if rotates then
  put('m:h', hash)
  put('m:n', decimal(rotated))
end
if rotates and remember ~= 0 then
  put('m:p', s.hash .. (renews and '' or '-') .. decimal(rotated + math.abs(remember)))
elseif s.previous and (rotates or math.abs(tonumber(string.sub(s.previous, 33)) or 0) <= now) then
  gone[#gone + 1] = 'm:p'
end
if principal == '-' then
  gone[#gone + 1] = 'm:u'
elseif principal ~= '' then
  put('m:u', string.sub(principal, 2))
end

local others = holds == '-' and string.match(line, '^%S+ %d+ ?(.*)$')
if others == '' then
  gone[#gone + 1] = 'm:l'
elseif others then
  put('m:l', others)
end

local reply = {now, code, s.stamp}
for index = 1, ARGV[10] + 0 do
  local name = ARGV[cursor]
  local written = redis.call('HGET', key, 'r:' .. name)
  if not written and redis.call('HGET', key, 'a:' .. name) then
    written = s.first or s.stamp
  end
  if written == ARGV[cursor + 1] then
    put('a:' .. name, ARGV[cursor + 2])
    put('r:' .. name, ARGV[4])
  else
    reply[#reply + 1] = index
  end
  cursor = cursor + 3
end
for i = cursor, #ARGV do
  gone[#gone + 1] = 'a:' .. ARGV[i]
  gone[#gone + 1] = 'r:' .. ARGV[i]
end

local refused = write(fields)
if refused then
  return refused
end
for from = 1, #gone, 1000 do
  redis.call('HDEL', key, unpack(gone, from, math.min(from + 999, #gone)))
end
redis.call('PEXPIREAT', key, at)
if others then
  tell(others)
end
return reply

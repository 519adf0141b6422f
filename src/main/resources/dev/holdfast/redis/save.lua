-- Every reply carries a stamp, which says of which session it is: the one found when saved.
-- ARGV: 1 not-after, 2 slack, 3 epoch, with the token that must have the session's lock behind ' +',
-- or behind ' -' when it gives the lock up; 4 new stamp, 5 last accessed or '' when this is no access,
-- 6 idle or '', 7 principal: '' unchanged, '-' none, '=' .. bytes, or a seal over all metadata:
-- '?' .. length .. ':' .. idle .. ':' .. secret hash, these two as they are afterwards, .. that many
-- bytes that must be there now .. bytes; 8 expected secret hash or '', 9 new secret hash,
-- 10 milliseconds to remember the replaced one, negative: a renewal, after which the replaced one opens
-- the session for so long, and which is left out if somebody else was first;
-- 11 when the secret is replaced, which a seal may hold, or '' for now;
-- 12, 13 how many written and changed in place; then
-- name, value of each written; name, stamp read, value of each changed in place; names removed.
local s = live()
if not s then
  return {now, GONE, ARGV[4]}
end
local rotates = ARGV[8] ~= ''
local remember = tonumber(ARGV[10])
local renews = rotates and remember < 0
local rotated = tonumber(ARGV[11]) or now
if s.stamp == ARGV[4] then
  return {now, renews and s.hash ~= ARGV[9] and NOT_RENEWED or SAVED, s.stamp}
end
if now > tonumber(ARGV[1]) then
  return {now, LATE, ARGV[4]}
end
local first = s.hash == ARGV[8]
local entered, holds, token = tonumber(ARGV[3]), nil, nil
if not entered then
  entered, holds, token = string.match(ARGV[3], '^(%d+) ([+-])(%S+)$')
  entered = tonumber(entered)
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
if rotates and not renews and not first then
  return {now, MOVED, ARGV[4]}
end
local principal = ARGV[7]
local length, sealed, from = string.match(principal, '^%?(%d+):(%-?%d+):()')
if length then
  local to = from + 32 + length
  local hash = s.hash
  if rotates then
    hash = (first or not renews) and ARGV[9] or nil
  end
  if (redis.call('HGET', key, 'm:u') or '') ~= string.sub(principal, from + 32, to - 1)
    or string.sub(principal, from, from + 31) ~= hash
    or tonumber(sealed) ~= (tonumber(ARGV[6]) or s.idle) then
    return {now, MOVED, ARGV[4]}
  end
  principal = to > #principal and '-' or '=' .. string.sub(principal, to)
end
local code = SAVED
if renews and not first then
  rotates, renews, code = false, false, NOT_RENEWED
end

local idle = tonumber(ARGV[6]) or s.idle
local accessed = tonumber(ARGV[5])
local at = s.at
if accessed or ARGV[6] ~= '' then
  at = deadline(idle, tonumber(ARGV[2]), s.absolute)
end
local epoch = s.epoch
local fields = {'m:v', ARGV[4]}
local gone = {}
local function put(name, value)
  fields[#fields + 1] = name
  fields[#fields + 1] = value
end

if not s.first then
  put('m:s', s.stamp)
end
if rotates then
  put('m:h', ARGV[9])
  put('m:n', decimal(rotated))
end
if rotates and not renews then
  epoch = epoch + 1
end
if rotates and remember ~= 0 then
  put('m:p', s.hash .. (renews and '' or '-') .. decimal(rotated + math.abs(remember)))
elseif s.previous and (rotates or math.abs(tonumber(string.sub(s.previous, 33)) or 0) <= now) then
  gone[#gone + 1] = 'm:p'
end
put('m:x', times(at, math.max(s.accessed, accessed or 0), idle, epoch, s.absolute))
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

local cursor = 14
for _ = 1, tonumber(ARGV[12]) do
  put('a:' .. ARGV[cursor], ARGV[cursor + 1])
  put('r:' .. ARGV[cursor], ARGV[4])
  cursor = cursor + 2
end
local reply = {now, code, s.stamp}
for index = 1, tonumber(ARGV[13]) do
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
redis.call('PEXPIREAT', key, decimal(at))
if others then
  tell(others)
end
return reply

-- Whether the secret of this hash opens the session: its own, or the one that a renewal has just replaced.
local function opens(s, hash)
  local good = s.previous and tonumber(string.sub(s.previous, 33))
  return s.hash == hash or (good and good > now and string.sub(s.previous, 1, 32) == hash)
end

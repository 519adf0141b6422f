-- No write here needs memory, so it works at maxmemory.
local fields = redis.pcall('HGETALL', key)
local left = redis.call('PTTL', key)
redis.call('DEL', key)
if fields.err then
  fields = {}
end
return {now, left, fields}

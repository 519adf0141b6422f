-- The whole session, if it lives, and when it was read: in microseconds, so that two snapshots of
-- one session never have the same time.
if not live() then
  return {now}
end
return {now, time[1] * 1000000 + time[2], redis.call('PTTL', key), redis.call('HGETALL', key)}

-- Plays the requests of a file in turns, octet for octet; a NUL lies between two of them.
-- wrk ... -s bench/replay.lua URL -- FILE
local writes = {}
local last = 0

init = function(args)
  local file = assert(io.open(args[1], "rb"))
  for write in file:read("*a"):gmatch("%Z+") do writes[#writes + 1] = write end
  file:close()
end

request = function()
  last = last % #writes + 1
  return writes[last]
end

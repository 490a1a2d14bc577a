-- What wrk sends: the requests of a plan in their order, over and over, each with its own host.
--   wrk … -s load.lua URL -- PLAN COUNT
-- A line of the plan is a host, a space and a path. COUNT ends the run after so many requests; 0: only the time does.
-- At the end one line of JSON, times in milliseconds.

local ffi = require("ffi")
ffi.cdef("int getpid(void); int kill(int pid, int signal);")
local SIGINT = 2

local requests, sent, count = {}, 0, 0

function init(arguments)
  count = tonumber(arguments[2]) or 0
  for line in io.lines(arguments[1]) do
    local host, path = line:match("^(%S+) (%S+)$")
    -- Said aloud: of a client that says nothing Traefik asks for gzip on its own account, and unpacks it each time.
    requests[#requests + 1] = wrk.format("GET", path, { Host = host, ["Accept-Encoding"] = "identity" })
  end
end

function request()
  sent = sent + 1
  if count > 0 and sent > count then
    -- wrk sleeps through its whole time unless it is interrupted.
    ffi.C.kill(ffi.C.getpid(), SIGINT)
  end
  return requests[(sent - 1) % #requests + 1]
end

function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.3f, "p99": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1e3, latency:percentile(99) / 1e3,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end

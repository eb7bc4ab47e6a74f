-- What wrk asks for, by the word after `--`: paths at random (get), the same by people, each of whom pauses between two
-- answers (calm), reservations at random (reserve), or the scans of a day, each kit out and in again (scan). Ends with one
-- line for tests/load/run: requests a second, median and 99th percentile in milliseconds, answers, answers that refused,
-- answers that should not have been.

local ffi = require("ffi")
ffi.cdef("typedef struct { long seconds, nanoseconds; } moment; int clock_gettime(int clock, moment *now);")

-- Read by done() from its own Lua state, so these are global.
taken, refused, wrong, took = 0, 0, 0, 0
local lists, kind, folder = {}, nil, nil
-- wrk makes one request that it never sends, to see that it can be read.
local made, began = -1, nil

local function seconds()
    local now = ffi.new("moment")
    ffi.C.clock_gettime(1, now)
    return tonumber(now.seconds) + tonumber(now.nanoseconds) / 1e9
end

local function list(name)
    local lines = {}
    for line in io.lines(folder .. "/" .. name) do
        lines[#lines + 1] = line
    end
    return lines
end

local function any(lines)
    return lines[math.random(#lines)]
end

local function post(path, body)
    wrk.headers["Idempotency-Key"] = kind .. "-" .. os.time() .. "-" .. made
    return wrk.format("POST", path, wrk.headers, body)
end

local makers = {
    get = function()
        return wrk.format("GET", any(lists.paths))
    end,
    reserve = function()
        local first = os.time() + math.random(1, 300) * 86400
        local last = first + math.random(7, 21) * 86400
        return post("/api/v1/loans", string.format(
            '{"kit_type_id":"%s","unit_id":"%s","first_day":"%s","last_day":"%s"}',
            any(lists.types), any(lists.units), os.date("%Y-%m-%d", first), os.date("%Y-%m-%d", last)))
    end,
    -- All kits leave, then all come back; what is asked for after that only looks at a kit.
    scan = function()
        local code = lists.due[made % #lists.due + 1]
        if made < 0 or made >= 2 * #lists.due then
            return wrk.format("GET", "/api/v1/kits/" .. code)
        end
        return post("/api/v1/scans", string.format(
            '{"code":"%s","action":"%s"}', code, made < #lists.due and "hand_out" or "receive"))
    end,
}

local function next_request()
    local request = makers[kind]()
    made = made + 1
    return request
end

-- Written answers are looked at one by one; for reads wrk's own count of errors is enough, and costs less.
local function look(status)
    if status == 200 or status == 201 then
        taken = taken + 1
    elseif status == 409 and kind == "reserve" then
        refused = refused + 1
    else
        wrong = wrong + 1
    end
    began = began or seconds()
    took = seconds() - began
    if kind == "scan" and taken + wrong >= 2 * #lists.due then
        wrk.thread:stop()
    end
end

-- Half a second on average, in milliseconds.
local function pause()
    return math.random(0, 1000)
end

local threads = {}
function setup(thread)
    threads[#threads + 1] = thread
end

function init(args)
    kind, folder = args[1], args[2]
    math.randomseed(1)
    wrk.headers["Authorization"] = "Bearer " .. os.getenv("LOAD_TOKEN")
    wrk.headers["Content-Type"] = "application/json"
    if kind == "calm" then
        kind, delay = "get", pause
    end
    if kind == "get" then
        lists.paths = list("paths")
    elseif kind == "reserve" then
        lists.types, lists.units = list("kit-types"), list("units")
    else
        lists.due = list("due")
    end
    request = next_request
    if kind ~= "get" then
        response = look
    end
end

function done(summary, latency)
    local errors = summary.errors
    local lost = errors.connect + errors.read + errors.write + errors.timeout
    local thread = threads[1]
    local result = { summary.requests, 0, errors.status, summary.duration / 1e6 }
    if thread:get("took") > 0 then
        result = { thread:get("taken"), thread:get("refused"), thread:get("wrong"), thread:get("took") }
    end
    io.write(string.format("RESULT %.0f %.2f %.2f %d %d %d\n", (result[1] + result[2]) / result[4],
        latency:percentile(50) / 1000, latency:percentile(99) / 1000, result[1], result[2], result[3] + lost))
end

local image = require "image"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
end

local code = image.qr("https://simplex.chat/contact#/?v=2-7")
is(code:sub(2, 4), "PNG")
local width, height, format = image.size { data = code }
assert(width == height and width > 100)
is(format, "png")
assert(#image.qr("x", { scale = 20 }) > #image.qr("x", { scale = 1 }))
is(image.qr("x", { form = "uri" }):sub(1, 22), "data:image/png;base64,")
fails("limit", image.qr, ("x"):rep(3000), { level = "H" })
fails("argument", image.qr, "x", { level = "Z" })
fails("argument", image.qr, "x", { scale = 1000 })
fails("argument", image.qr, "x", { form = "gif" })

local uri = image.thumbnail({ data = code }, { max_bytes = 4000, side = 64 })
assert(#uri <= 4000)
is(uri:sub(1, 22), "data:image/jpg;base64,")
is((image.size { data = image.thumbnail({ data = code }, { side = 64, form = "jpg" }) }), 64)

fails("data", image.thumbnail, { data = "no image" })
fails("data", image.size, { data = "" })
fails("argument", image.thumbnail, {})
fails("argument", image.thumbnail, { data = code }, { max_bytes = 5 })
fails("permission", image.thumbnail, "/etc/passwd")
fails("permission", image.size, "../test.lua")
fails("io", image.size, "absent.png")

local feed = require "feed"

local function is(got, want) assert(got == want, ("got %s, want %s"):format(tostring(got), tostring(want))) end
local function fails(want, fn, ...)
  local ok, e = pcall(fn, ...)
  assert(not ok, "no error")
  is(e.type, want)
end

local rss = feed.parse [[<?xml version="1.0"?>
<rss version="2.0"><channel><title>News</title><link>https://example.org/</link>
<item><title>One &amp; two</title><link>https://example.org/1</link><guid>g1</guid>
<description>&lt;p&gt;Hello&lt;/p&gt;</description><pubDate>Sat, 28 Mar 2026 13:00:00 +0100</pubDate>
<category>a</category><category>b</category><author>ann@example.org (Ann)</author></item>
<item><title>No id</title></item>
</channel></rss>]]
is(rss.title, "News")
is(rss.kind, "rss")
is(#rss.items, 2)
local first = rss.items[1]
is(first.title, "One & two")
is(first.id, "g1")
is(first.published, 1774699200)
is(first.categories[2], "b")
is(feed.text(first.description), "Hello")
is(rss.items[2].id, "No id")

local atom = feed.parse [[<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>
<entry><id>urn:1</id><title>x</title><link href="https://example.org/x"/><updated>2026-03-28T12:00:00Z</updated></entry></feed>]]
is(atom.kind, "atom")
is(atom.items[1].link, "https://example.org/x")
is(atom.items[1].updated, 1774699200)
is(feed.parse('{"version":"https://jsonfeed.org/version/1.1","title":"J","items":[{"id":"1","content_text":"y"}]}').title, "J")

is(feed.text("<h1>Title</h1><p>One <b>bold</b>\nword</p><ul><li>a</li><li>b</li></ul><script>alert(1)</script>&copy; x<br>y"),
  "Title\n\nOne bold word\n\n• a\n• b\n© x\ny")
is(feed.text("plain"), "plain")

fails("data", feed.parse, "no feed")
fails("data", feed.parse, "")
fails("data", feed.parse, "<rss")
fails("limit", feed.parse, ("x"):rep(2 ^ 23 + 1))

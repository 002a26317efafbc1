// Package feed is the Lua module feed: RSS, Atom and JSON feeds, read by
// gofeed, and the text of their HTML.
//
//	http.get(url).body ──▶ feed.parse ──▶ { title, link, items = { … } }
//	                       feed.text  ◀── an item's description
package feed

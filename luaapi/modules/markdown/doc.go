// Package markdown is the Lua module markdown: CommonMark with GFM's tables,
// task lists, strikethrough and links, as language models write it, to the marks
// of SimpleX and back.
//
//	text ──▶ tame ──▶ goldmark ──▶ writer  blocks to lines ──▶ line  runs to marks ──▶ to_simplex
//	text ──▶ lines ──▶ marks to emphasis, the rest escaped ──▶ from_simplex
//
// SimpleX reads each line by itself. A mark opens where a word begins and closes
// at the next one of its kind; nothing nests and nothing can be escaped. So an
// emphasis that could not be shown loses its marks, never its text, and a
// character that would be read as a mark by accident gets a zero-width space
// before it: behind it would not do, for "*" opens whatever follows but a space.
package markdown

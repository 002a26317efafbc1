// Package nearest finds the known name that a mistyped one is most like.
//
//	"sned", {"send", "seen"} ──▶ Name ──▶ "send" ──▶ DidYouMean ──▶ "; did you mean send?"
//
// Functions keep nothing and may be called side by side.
package nearest

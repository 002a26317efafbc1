// Package jsonscan reads JSON text once, from front to back, and copies only
// what is asked for.
//
// It exists because events and replies of the core are some kilobytes of which
// the host needs a dozen fields: encoding/json would build or skip each value
// several times over. A Cursor checks the text as strictly as encoding/json does
// while it goes (FuzzCursor compares the two), so what it passed is valid.
//
//	c := jsonscan.New(data)
//	c.Object(func(key []byte) {
//		switch string(key) {
//		case "type":
//			tag = c.String()
//		} // what a field does not read is skipped
//	})
//	err := c.End()
//
// What nests deeper than MaxDepth is refused, or cut off by Clip: what strangers
// write must not end the reading of all that stands beside it.
//
// It allocates nothing but the strings it returns.
package jsonscan

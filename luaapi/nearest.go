package luaapi

import "github.com/simplex-lua/simplex-lua/luaapi/lua51"

// didYouMean is the hint for an unknown name, "" where no known one is near.
func didYouMean(name string, known []string) string {
	if k := lua51.Nearest(name, known); k != "" {
		return "; did you mean " + k + "?"
	}
	return ""
}

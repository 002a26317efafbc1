package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/urfave/cli/v2"

	"github.com/simplex-lua/simplex-lua/native"
)

// version is set by release builds (-ldflags "-X main.version=1.2.3").
var version = "0.1.0-dev"

func versionCommand(s *streams) *cli.Command {
	return &cli.Command{
		Name:  "version",
		Usage: "show the versions of simplex-lua, Go and libsimplex",
		Action: func(*cli.Context) error {
			fmt.Fprintf(s.out, "simplex-lua %s%s\n", version, revision())
			fmt.Fprintf(s.out, "go          %s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
			fmt.Fprintf(s.out, "libsimplex  %s (pinned)\n", native.Version)
			loc, err := native.Find(native.DefaultEnv(), native.Options{})
			if err != nil {
				fmt.Fprintln(s.out, "            not installed; simplex-lua install, or the first run, downloads it")
				return nil
			}
			fmt.Fprintf(s.out, "            found in %s (%s)\n", loc.Dir, loc.Source)
			return nil
		},
	}
}

// revision is the commit that the program was built from, where Go knows it.
func revision() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return " (" + s.Value[:12] + ")"
		}
	}
	return ""
}

package native

import (
	"maps"
	"slices"
	"strings"
)

// Backend is the database that a variant of the library is built for.
type Backend string

// The two variants. A process can load only one.
const (
	BackendSQLite   Backend = "sqlite"
	BackendPostgres Backend = "postgres"
)

// postgresPlatform is the only one that the PostgreSQL variant is published for.
const postgresPlatform = "linux-x86_64"

// platforms names the published archives, by GOOS/GOARCH.
var platforms = map[string]string{
	"linux/amd64":   "linux-x86_64",
	"linux/arm64":   "linux-aarch64",
	"darwin/amd64":  "macos-x86_64",
	"darwin/arm64":  "macos-aarch64",
	"windows/amd64": "windows-x86_64",
}

func supportedPlatforms() string {
	return strings.Join(slices.Sorted(maps.Values(platforms)), ", ")
}

// libraryName returns the file name of the library on a system.
func libraryName(goos string) string {
	switch goos {
	case "darwin":
		return "libsimplex.dylib"
	case "windows":
		return "libsimplex.dll"
	}
	return "libsimplex.so"
}

// assetFor returns the platform and the file name of the archive for env.
func assetFor(env Env, backend Backend) (platform, asset string, err error) {
	goos := env.GOOS + "/" + env.GOARCH
	platform, ok := platforms[goos]
	if !ok {
		return "", "", &InstallError{Kind: KindUnsupportedPlatform, Platform: goos}
	}
	name := "simplex-chat-libs-" + platform
	if backend == BackendPostgres {
		if platform != postgresPlatform {
			return "", "", &InstallError{Kind: KindPostgresUnsupported, Platform: platform}
		}
		name += "-postgres"
	}
	return platform, name + ".zip", nil
}

package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"
)

func main() {
	version := flag.String("version", "", "the version, without v")
	out := flag.String("out", filepath.Join("build", "release"), "the folder for what is made")
	platforms := flag.String("platforms", "linux/amd64 linux/arm64 darwin/amd64 darwin/arm64 windows/amd64", "what to build for")
	flag.Parse()
	if err := release(*version, *out, strings.Fields(*platforms)); err != nil {
		fmt.Fprintln(os.Stderr, "release:", err)
		os.Exit(1)
	}
}

const program = "simplex-lua"

func release(version, out string, platforms []string) error {
	changes, err := os.ReadFile("CHANGELOG.md")
	if err != nil {
		return fmt.Errorf("run it in the top folder of the repository: %w", err)
	}
	if err := mentioned(string(changes), version); err != nil {
		return err
	}
	made, err := commitTime()
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	tmp, err := os.MkdirTemp("", "release-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(tmp)
	common, err := commonFiles(version, tmp)
	if err != nil {
		return err
	}
	var names, programs []string
	for _, p := range platforms {
		goos, goarch, ok := strings.Cut(p, "/")
		if !ok {
			return fmt.Errorf("the platform %q is not like linux/amd64", p)
		}
		bin := filepath.Join(tmp, goos+"_"+goarch, program)
		if goos == "windows" {
			bin += ".exe"
		}
		if err := build(version, goos, goarch, bin); err != nil {
			return err
		}
		name, err := pack(out, version, goos, goarch, bin, common, made)
		if err != nil {
			return err
		}
		fmt.Println(name)
		names, programs = append(names, name), append(programs, bin)
	}
	name := fmt.Sprintf("%s_%s.cdx.json", program, version)
	if err := writeSBOM(filepath.Join(out, name), version, programs, made); err != nil {
		return err
	}
	return writeSums(out, append(names, name))
}

// mentioned tells whether the changelog has the version. One that is being
// developed stands there as what is not released.
func mentioned(changelog, version string) error {
	heading := "[" + version + "]"
	if strings.HasSuffix(version, "-dev") {
		heading = "[Unreleased]"
	}
	if version == "" || version[0] < '0' || version[0] > '9' || strings.ContainsAny(version, " /") {
		return fmt.Errorf("%q is no version; want one as 1.2.3", version)
	}
	for line := range strings.Lines(changelog) {
		if strings.HasPrefix(line, "## "+heading) {
			return nil
		}
	}
	return fmt.Errorf("CHANGELOG.md has no part %s: write what has changed", heading)
}

// commitTime is when the commit was made, or $SOURCE_DATE_EPOCH.
func commitTime() (time.Time, error) {
	text := os.Getenv("SOURCE_DATE_EPOCH")
	if text == "" {
		out, err := exec.Command("git", "log", "-1", "--format=%ct").Output()
		if err != nil {
			return time.Time{}, errors.New("git does not tell the time of the commit; set SOURCE_DATE_EPOCH")
		}
		text = strings.TrimSpace(string(out))
	}
	seconds, err := strconv.ParseInt(text, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH is %q; want seconds since 1970", text)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// build builds the program as make build does.
func build(version, goos, goarch, to string) error {
	cmd := exec.Command("go", "build", "-trimpath", "-ldflags", "-s -w -buildid= -X main.version="+version, "-o", to, "./cmd/simplex-lua")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS="+goos, "GOARCH="+goarch, "GOFLAGS=-mod=readonly")
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("build for %s/%s: %w\n%s", goos, goarch, err, out)
	}
	return nil
}

// file is one in an archive.
type file struct {
	name string // with slashes
	text []byte
	mode os.FileMode
}

// commonFiles are those that every archive has. What the program prints about
// itself is the same on all platforms.
func commonFiles(version, tmp string) ([]file, error) {
	var files []file
	for _, name := range []string{"LICENSE", "README.md", "CHANGELOG.md"} {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		files = append(files, file{name, text, 0o644})
	}
	here := filepath.Join(tmp, program+"-here")
	if err := build(version, runtime.GOOS, runtime.GOARCH, here); err != nil {
		return nil, err
	}
	for _, p := range []struct {
		name string
		args []string
	}{
		{"man/simplex-lua.1", []string{"man"}},
		{"completion/simplex-lua.bash", []string{"completion", "bash"}},
		{"completion/_simplex-lua", []string{"completion", "zsh"}},
		{"completion/simplex-lua.fish", []string{"completion", "fish"}},
	} {
		text, err := exec.Command(here, p.args...).Output()
		if err != nil {
			return nil, fmt.Errorf("%s %s: %w", program, strings.Join(p.args, " "), err)
		}
		files = append(files, file{p.name, text, 0o644})
	}
	return files, nil
}

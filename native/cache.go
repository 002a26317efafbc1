package native

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// cache names the files of one variant of one version:
//
//	CACHE/simplex-chat/v6.5.1/
//	    sqlite/                              the libraries
//	    sqlite.lock                          held while one process installs
//	    sqlite.tmp-*/                        what that process has got so far
//	    simplex-chat-libs-….zip.sha256       hash of the first archive seen
type cache struct {
	platform string // of the archive
	url      string // of the archive
	version  string
	asset    string
	parent   string // …/v6.5.1
	dir      string // …/v6.5.1/sqlite
	record   string // …/v6.5.1/simplex-chat-libs-….zip.sha256
}

// cacheFor tells where the variant of opts belongs. opts has its defaults.
func cacheFor(env Env, opts Options) (cache, error) {
	platform, asset, err := assetFor(env, opts.Backend)
	if err != nil {
		return cache{}, err
	}
	c := cache{
		platform: platform,
		url:      fmt.Sprintf("%s/v%s/%s", strings.TrimRight(opts.BaseURL, "/"), opts.Version, asset),
		version:  opts.Version,
		asset:    asset,
	}
	if env.CacheDir == "" {
		return cache{}, c.fail(KindCacheNotWritable, errors.New("no cache folder is known: set HOME or XDG_CACHE_HOME"))
	}
	c.parent = filepath.Join(absolute(env.CacheDir), "simplex-chat", "v"+opts.Version)
	c.dir = filepath.Join(c.parent, string(opts.Backend))
	c.record = filepath.Join(c.parent, asset+".sha256")
	return c, nil
}

func (c cache) fail(kind Kind, cause error) *InstallError {
	return &InstallError{Kind: kind, Platform: c.platform, URL: c.url, Path: c.dir, Cause: cause}
}

// archiveHash returns what the archive's hash must be: given if there is one,
// else the pinned one, else that of the first download; "" if none is known.
func (c cache) archiveHash(given string) string {
	if given != "" {
		return strings.ToLower(given)
	}
	if h := pins[pin{c.version, c.asset}]; h != "" {
		return h
	}
	return c.recordedHash()
}

// recordedHash returns the hash of the first download, or "".
func (c cache) recordedHash() string {
	data, err := os.ReadFile(c.record)
	if err != nil {
		return ""
	}
	hash, _, _ := strings.Cut(string(data), " ")
	return hash
}

// recordHash stores hash as sha256sum would print it, so that people can check.
func (c cache) recordHash(hash string) error {
	if c.recordedHash() == hash {
		return nil
	}
	tmp := c.record + ".tmp" // one process at a time holds the install lock
	if err := os.WriteFile(tmp, []byte(hash+"  "+c.asset+"\n"), 0o644); err != nil {
		return err
	}
	return os.Rename(tmp, c.record)
}

// checkInstalled refuses what is in the cache unless given, if there is one,
// is the hash of the archive it came from.
func (c cache) checkInstalled(given string) error {
	if given == "" || strings.EqualFold(given, c.recordedHash()) {
		return nil
	}
	was := c.recordedHash()
	if was == "" {
		was = "an archive whose hash is not known"
	}
	e := c.fail(KindWrongHash, fmt.Errorf("installed from %s, wanted %s", was, strings.ToLower(given)))
	e.URL = "" // the folder is wrong, not what the address gives
	return e
}

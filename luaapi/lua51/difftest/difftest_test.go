package difftest

import (
	"errors"
	"os"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/simplex-lua/simplex-lua/luaapi/lua51"
)

// The programs of a run: LUA51_PROGRAMS says how many of each kind (3,000),
// LUA51_SEED which (a new one each time). A failure prints both.
func settings(t *testing.T) (count, seed uint64) {
	t.Helper()
	count, seed = 3000, uint64(time.Now().UnixNano())%1_000_000
	if testing.Short() {
		count = 300
	}
	for name, value := range map[string]*uint64{"LUA51_PROGRAMS": &count, "LUA51_SEED": &seed} {
		if text := os.Getenv(name); text != "" {
			n, err := strconv.ParseUint(text, 10, 64)
			if err != nil {
				t.Fatalf("%s=%q is no number", name, text)
			}
			*value = n
		}
	}
	return count, seed
}

func reference(t *testing.T) *Reference {
	t.Helper()
	r, err := NewReference(t.TempDir())
	if errors.Is(err, ErrNoReference) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func TestPrograms(t *testing.T) { compare(t, Program, 1) }
func TestPatterns(t *testing.T) { compare(t, PatternProgram, 10) }
func TestFormats(t *testing.T)  { compare(t, FormatProgram, 10) }
func TestLibrary(t *testing.T)  { compare(t, LibraryProgram, 10) }
func TestSyntax(t *testing.T)   { compare(t, SyntaxProgram, 4) }

// compare runs a share of the programs on both sides.
func compare(t *testing.T, generate func(seed, n uint64) string, share uint64) {
	t.Parallel()
	ref := reference(t)
	count, seed := settings(t)
	count /= share
	t.Logf("LUA51_SEED=%d LUA51_PROGRAMS=%d", seed, count*share)
	const batch = 250
	jobs := make(chan uint64)
	var wg sync.WaitGroup
	var mu sync.Mutex
	differences := 0
	for range 2 {
		wg.Add(1)
		go func() {
			defer wg.Done()
			for first := range jobs {
				programs := make([]string, 0, batch)
				for n := first; n < min(first+batch, count); n++ {
					programs = append(programs, generate(seed, n))
				}
				i, want, got := firstDifference(t, ref, programs)
				if i < 0 {
					continue
				}
				mu.Lock()
				if differences++; differences <= 3 {
					report(t, ref, seed, first+uint64(i), programs[i], want, got)
				}
				mu.Unlock()
			}
		}()
	}
	for n := uint64(0); n < count; n += batch {
		jobs <- n
	}
	close(jobs)
	wg.Wait()
}

// firstDifference returns the first program whose outputs differ, or -1.
func firstDifference(t *testing.T, ref *Reference, programs []string) (i int, want, got string) {
	t.Helper()
	outputs, err := ref.Run(programs)
	if err != nil {
		t.Error(err)
		return -1, "", ""
	}
	for i, want := range outputs {
		if got := Ours(programs[i], lua51.Options{}); differ(want, got) && !onlySigns(programs[i], want) {
			return i, want, got
		}
	}
	return -1, "", ""
}

// onlySigns tells whether a program prints the right thing when arithmetic keeps
// the signs of zeros. By default it does not (docs/lua51.md), which a few
// programs show in other ways than by printing one.
func onlySigns(program, want string) bool {
	return !differ(want, Ours(program, lua51.Options{SignedZero: true}))
}

// differ tells whether two outputs differ, unless one side was stopped or ours
// ran into a limit that lua5.1 does not have, or has elsewhere. The
// virtual machine does not keep the sign of a zero, nor of what is not a number
// in a modulo (docs/lua51.md), so these signs are left out.
func differ(want, got string) bool {
	for _, stopped := range []string{OutOfTime, TooMuchOutput, "_limit exceeded", "C stack overflow"} {
		if strings.Contains(want, stopped) || strings.Contains(got, stopped) {
			return false
		}
	}
	if want == got {
		return false
	}
	want = driverPosition.ReplaceAllString(want, "") // of an error's level beyond the program
	want, got = address.ReplaceAllString(want, "address"), address.ReplaceAllString(got, "address")
	return withoutSigns(want) != withoutSigns(got)
}

var (
	driverPosition  = regexp.MustCompile(`\S*driver\.lua:\d+: `)
	address         = regexp.MustCompile(`\b0x[0-9a-f]{8,}\b`)
	negativeZero    = regexp.MustCompile(`-0($|[^0-9.ex])`)
	negativeSpecial = regexp.MustCompile(`-(nan|inf)`)
)

func withoutSigns(output string) string {
	// Twice, for zeros that follow each other.
	output = negativeZero.ReplaceAllString(output, "0$1")
	output = negativeZero.ReplaceAllString(output, "0$1")
	return negativeSpecial.ReplaceAllString(output, "$1")
}

func report(t *testing.T, ref *Reference, seed, n uint64, program, want, got string) {
	t.Helper()
	small := Minimise(program, func(candidates []string) int {
		i, _, _ := firstDifference(t, ref, candidates)
		return i
	})
	if _, w, g := firstDifference(t, ref, []string{small}); w != g {
		want, got = w, g
	}
	t.Errorf("LUA51_SEED=%d program %d differs; minimised:\n%s\n--- lua5.1 printed\n%s\n--- lua51 printed\n%s", seed, n, small, want, got)
}

package tests

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// stubCounters are the numbers at the beginning of the stub's database, as
// struct state in stub/stub.h says; they count over all processes that had it.
type stubCounters struct {
	Magic, Capacity, Chats, Kind    int64
	Runs, Closes, Starts, Stops     int64
	Stored, Taken, Answered, Marked int64
	Commands, Sends, MarkCommands   int64
	Strays, Again, Early, Late      int64
	FromNS, ToNS, FromCPU, ToCPU    int64
	Started                         int64
}

// stubItem is one received message, struct item in stub/stub.h.
type stubItem struct {
	Created, Due, AnsweredNS  int64
	Answers, Run, Read, Taken int32
	Whole                     int64
}

const (
	stubMagic     = 0x73747562636f7232
	stubTextBytes = 2 * 8192 // profile and address settings
)

// readStub reads the counters, and the items where items is not nil. A database
// that is not there yet has zero counters.
func readStub(path string, items *[]stubItem) (c stubCounters, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return c, nil
	}
	if err != nil {
		return c, err
	}
	defer f.Close()
	switch err := binary.Read(f, binary.NativeEndian, &c); {
	case errors.Is(err, io.EOF), err == nil && c.Magic == 0:
		return stubCounters{}, nil // it is being made
	case err != nil:
		return c, err
	case c.Magic != stubMagic:
		return c, fmt.Errorf("%s: magic is %x, want %x: stub.h and this file differ", path, c.Magic, stubMagic)
	}
	if items == nil {
		return c, nil
	}
	if _, err := f.Seek(stubTextBytes, io.SeekCurrent); err != nil {
		return c, err
	}
	*items = make([]stubItem, c.Capacity)
	return c, binary.Read(f, binary.NativeEndian, *items)
}

// done tells that every message is answered and marked as read.
func (c stubCounters) done() bool {
	return c.Capacity > 0 && c.Answered == c.Capacity && c.Marked == c.Capacity
}

// String says what matters when a test fails.
func (c stubCounters) String() string {
	return fmt.Sprintf("%d of %d items stored, %d taken, %d answered, %d marked; %d processes, %d commands, %d sends; "+
		"strays %d, again %d, early %d, late %d", c.Stored, c.Capacity, c.Taken, c.Answered, c.Marked,
		c.Runs, c.Commands, c.Sends, c.Strays, c.Again, c.Early, c.Late)
}

// latency is how long the item waited for its answer.
func (it stubItem) latency() time.Duration { return time.Duration(it.AnsweredNS - it.Due) }

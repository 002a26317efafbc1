package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

// CheckAnswer tells whether an answer, the object that has the tag in type, is
// as the documentation of this version says: every required field there, none
// too many, all of the documented types. Of answers without documentation only
// the tag is known. It is for programs that stand in for the core.
func (f *Facts) CheckAnswer(raw []byte) error { return f.check(f.responses, raw) }

// CheckEvent is CheckAnswer for events.
func (f *Facts) CheckEvent(raw []byte) error { return f.check(f.events, raw) }

// CheckError is CheckAnswer for the ChatError of a refusal.
func (f *Facts) CheckError(raw []byte) error {
	values, err := decodeObject(raw)
	if err != nil {
		return err
	}
	err = (&writer{facts: f, nul: true, reading: true}).json(f.types["ChatError"], values)
	var bad *ParamError
	if errors.As(err, &bad) {
		bad.Command = "ChatError"
	}
	return err
}

func (f *Facts) check(known map[string]*fields, raw []byte) error {
	values, err := decodeObject(raw)
	if err != nil {
		return err
	}
	tag, _ := values["type"].(string)
	fs, ok := known[tag]
	switch {
	case !ok:
		return fmt.Errorf("tag %q is not known", tag)
	case fs == nil:
		return nil
	}
	delete(values, "type")
	w := &writer{facts: f, nul: true, reading: true}
	err = w.whole(fs, values)
	if err == nil {
		err = w.jsonFields(fs, values)
	}
	var bad *ParamError
	if errors.As(err, &bad) {
		bad.Command = tag
	}
	return err
}

func decodeObject(raw []byte) (map[string]any, error) {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.UseNumber()
	var values map[string]any
	if err := dec.Decode(&values); err != nil {
		return nil, err
	}
	return values, nil
}

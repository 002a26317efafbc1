package jsonscan

import "errors"

// TooDeep tells that a text could not be read only because it nests more than
// MaxDepth levels deep.
func TooDeep(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Reason == tooDeep
}

// Clip returns a copy of a JSON text in which null stands for the arrays and
// objects beyond MaxDepth. It is for texts that others write and that must be
// read nevertheless. What it leaves out is not checked.
func Clip(data []byte) []byte {
	clipped := make([]byte, 0, len(data))
	from, depth := 0, 0 // from is where what is kept and not copied yet begins
	for i := 0; i < len(data); i++ {
		switch data[i] {
		case '"':
			i = closingQuote(data, i)
		case '[', '{':
			if depth++; depth == MaxDepth+1 {
				clipped = append(append(clipped, data[from:i]...), "null"...)
				from = len(data)
			}
		case ']', '}':
			if depth--; depth == MaxDepth {
				from = i + 1
			}
		}
	}
	return append(clipped, data[from:]...)
}

// closingQuote returns where the string ends whose opening quote stands at i,
// the end of the data where it does not.
func closingQuote(data []byte, i int) int {
	for i++; i < len(data) && data[i] != '"'; i++ {
		if data[i] == '\\' {
			i++
		}
	}
	return i
}

// Package atomicfile replaces files at once: whoever reads, also after a kill,
// finds the old text or the new one, never a part.
//
//	Write, Fill ─▶ DIR/.part-1234 ─▶ (Sync: the text is on the disk) ─▶ renamed to DIR/FILE ─▶ (Sync: the name is)
//
// Without Sync that holds for kills of the process. With it also for a loss of
// power, after which the new text is there. It knows nothing of what is written.
package atomicfile

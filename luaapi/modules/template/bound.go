package template

import (
	"fmt"
	"text/template"
	"text/template/parse"
)

// bound has everything counted that a template can do again and again, by nodes
// that write an empty text, for when something is written the CPU limit is
// asked: in the bodies of loops, which may go through a number and write
// nothing, and at both ends of templates, which may call themselves. How many
// are in each other is bounded, too, for each takes of Go's stack.
func (t *templates) bound(made *template.Template) {
	// Functions that come after parsing cannot be called by what was parsed.
	made.Funcs(template.FuncMap{
		"enter": func() (string, error) {
			if t.calls++; t.calls > maxCalls {
				return "", fmt.Errorf("more than %d templates in each other", maxCalls)
			}
			return "", nil
		},
		"leave": func() string { t.calls--; return "" },
	})
	for _, part := range made.Templates() {
		if part.Tree == nil {
			continue
		}
		countLoops(part.Root)
		nodes := append([]parse.Node{call("enter", part.Root.Pos)}, part.Root.Nodes...)
		part.Root.Nodes = append(nodes, call("leave", part.Root.Pos))
	}
}

// call is {{name}}.
func call(name string, pos parse.Pos) parse.Node {
	function := &parse.CommandNode{NodeType: parse.NodeCommand, Pos: pos, Args: []parse.Node{parse.NewIdentifier(name).SetPos(pos)}}
	return &parse.ActionNode{NodeType: parse.NodeAction, Pos: pos, Pipe: &parse.PipeNode{
		NodeType: parse.NodePipe, Pos: pos, Cmds: []*parse.CommandNode{function},
	}}
}

// countLoops counts the rounds of the loops below list, which may be nil.
func countLoops(list *parse.ListNode) {
	if list == nil {
		return
	}
	for _, node := range list.Nodes {
		var branch parse.BranchNode
		switch node := node.(type) {
		case *parse.IfNode:
			branch = node.BranchNode
		case *parse.WithNode:
			branch = node.BranchNode
		case *parse.RangeNode:
			branch = node.BranchNode
			empty := &parse.TextNode{NodeType: parse.NodeText, Pos: node.Pos}
			node.List.Nodes = append([]parse.Node{empty}, node.List.Nodes...)
		}
		countLoops(branch.List)
		countLoops(branch.ElseList)
	}
}

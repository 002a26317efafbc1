package devchat

import (
	"fmt"
	"strings"
)

// place keeps the place of a step that is written later.
func (r *recorder) place() int {
	if r == nil {
		return 0
	}
	return r.add("")
}

// group records that members[0] made a group, at the step given.
func (r *recorder) group(step int, name string, members []*person, invited, joined bool) {
	if r == nil {
		return
	}
	r.count++
	var names []string
	for _, p := range members {
		names = append(names, r.names[p.Name()])
	}
	group, owner := r.groupName(name), names[0]
	if !invited || joined {
		bot := `"admin"`
		if !invited {
			bot = "false"
		}
		r.steps[step].code = fmt.Sprintf("local %s = net:group(%s, { %s, bot = %s })", group, quoteLua(name), strings.Join(names, ", "), bot)
		return
	}
	code := fmt.Sprintf("local %s = %s:create_group(%s)\n%s:invite(%s, net.bot, \"admin\")", group, owner, quoteLua(name), owner, group)
	if len(members) > 1 {
		link := r.name("link of "+name, "link")
		code += fmt.Sprintf("\nlocal %s = %s:command(\"/_create link %s member\").groupLink.connLinkContact", link, owner, members[0].chat.Ref)
		for _, n := range names[1:] {
			code += fmt.Sprintf("\n%s:connect(%s.connShortLink or %s.connFullLink)", n, link, link)
		}
	}
	r.steps[step].code = code
}

// join records that a person accepts the bot's invitation.
func (r *recorder) join(p *person, group string) {
	if r == nil {
		return
	}
	r.count++
	local := "local "
	if r.names["#"+group] != "" {
		local = "" // everybody's group of that name is the same to a test
	}
	g, who := r.groupName(group), r.names[p.Name()]
	r.add("%s%s = %s:expect_invitation()\n%s:join(%s)", local, g, who, who, g)
}

// leave records that a person leaves a group.
func (r *recorder) leave(p *person, group string) {
	if r == nil {
		return
	}
	r.count++
	r.add("%s:leave(%s)", r.names[p.Name()], r.groupName(group))
}

// onMember records what p does with a member of a group.
func (r *recorder) onMember(p *person, group, verb, member string, args ...string) {
	if r == nil {
		return
	}
	r.count++
	who, known := r.names[member]
	if !known {
		who = "net.bot" // the only member who is no person of the session
	}
	args = append([]string{r.groupName(group), who}, args...)
	r.add("%s:%s(%s)", r.names[p.Name()], verb, strings.Join(args, ", "))
}

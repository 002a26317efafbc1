package metrics

import "strings"

// class is what kind of event a tag stands for.
type class int

const (
	classMessages class = iota
	classEdits
	classDeletions
	classReactions
	classDeliveries
	classContacts
	classGroups
	classFiles
	classNetwork
	classErrors
	classOther
	classes
)

var classNames = [classes]string{
	"message", "edit", "deletion", "reaction", "delivery", "contact", "group", "file", "network", "error", "other",
}

// prefixes tell the class of the tags that are not met all the time.
var prefixes = []struct {
	prefix string
	class  class
}{
	{"chatItemsDeleted", classDeletions}, {"groupChatItemsDeleted", classDeletions},
	{"rcvFile", classFiles}, {"sndFile", classFiles}, {"rcvStandaloneFile", classFiles}, {"sndStandaloneFile", classFiles},
	{"host", classNetwork}, {"subscription", classNetwork}, {"networkStatus", classNetwork}, {"connection", classNetwork},
	{"contactSub", classNetwork}, {"memberSub", classNetwork}, {"userContactSub", classNetwork}, {"pendingSub", classNetwork}, {"ntf", classNetwork},
	{"chatError", classErrors}, {"messageError", classErrors},
	{"contact", classContacts}, {"receivedContactRequest", classContacts}, {"acceptingContactRequest", classContacts}, {"businessRequest", classContacts},
	{"newMemberContact", classContacts}, {"userAcceptedContact", classContacts},
	{"group", classGroups}, {"member", classGroups}, {"joined", classGroups}, {"received", classGroups}, {"deletedMember", classGroups}, {"leftMember", classGroups},
	{"accepting", classGroups}, {"userJoinedGroup", classGroups}, {"unknownMember", classGroups}, {"newMember", classGroups}, {"connectedToGroup", classGroups},
}

func classOf(tag string) class {
	switch tag {
	case "newChatItems":
		return classMessages
	case "chatItemsStatusesUpdated":
		return classDeliveries
	case "chatItemUpdated":
		return classEdits
	case "chatItemReaction":
		return classReactions
	}
	for i := range prefixes {
		if strings.HasPrefix(tag, prefixes[i].prefix) {
			return prefixes[i].class
		}
	}
	return classOther
}

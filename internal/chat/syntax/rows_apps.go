package syntax

// appRows are commands that only apps for people send: calls, notifications,
// themes, several users on one screen.
var appRows = []row{
	// Calls and notifications.
	service("APIGetCallInvitations", "/_call get"),
	service("APIGetNtfToken", "/_ntf get"),
	service("APISendCallInvitation", "/_call invite @<contactId:int> <callType:object>"),
	service("APIRejectCall", "/_call reject @<contactId:int>"),
	service("APISendCallOffer", "/_call offer @<contactId:int> <callOffer:object>"),
	service("APISendCallAnswer", "/_call answer @<contactId:int> <rtcSession:object>"),
	service("APISendCallExtraInfo", "/_call extra @<contactId:int> <rtcExtraInfo:object>"),
	service("APIEndCall", "/_call end @<contactId:int>"),
	service("APICallStatus", "/_call status @<contactId:int> <callStatus:connecting|connected|disconnected|failed>"),
	host(service("APIRegisterToken", "/_ntf register <token:word> <mode:word>")),
	host(service("APIVerifyToken", "/_ntf verify <token:word> <nonce:word> <code:word>")),
	host(service("APICheckToken", "/_ntf check <token:word>")),
	host(service("APIDeleteToken", "/_ntf delete <token:word>")),
	host(service("APIGetNtfConns", "/_ntf conns <nonce:word> <info:word>")),
	host(service("APIGetConnNtfMessages", "/_ntf conn messages <messages:word>")),

	// How chats look.
	service("APISetUserUIThemes", "/_set theme user <userId:int>[ <themes:object>]"),
	service("APISetChatUIThemes", "/_set theme <chatRef:ref>[ <themes:object>]"),

	// Connecting as another user, and as somebody who was deleted.
	service("APIChangeConnectionUser", "/_set conn user :<connId:int> <newUserId:int>"),
	service("APIChangePreparedContactUser", "/_set contact user @<contactId:int> <newUserId:int>"),
	service("APIChangePreparedGroupUser", "/_set group user #<groupId:int> <newUserId:int>"),
	service("APIConnectContactViaAddress", "/_connect contact <userId:int>[ incognito=<incognito:onoff>] <contactId:int>"),
	service("APIEnableContact", "/_enable @<contactId:int>"),
	service("APIEnableGroupMember", "/_enable #<groupId:int> <groupMemberId:int>"),
	service("APIShareChatMsgContent", "/_share chat content <shareChat:ref> <toSendRef:sendref>"),

	// Settings of the active user, as people type them.
	service("GetChatItemTTL", "/ttl"),
	service("SetChatItemTTL", "/ttl <ttl:none|day|week|month|year>"),
	service("SetAllContactReceipts", "/set receipts all <onOff:onoff>"),
	service("SetServerOperators", "/operators <operators:text>"),
	service("TestChatRelay", "/relay test <relay:link>"),

	// A look into the program.
	service("GetAgentServersSummary", "/get servers summary <userId:int>"),
	service("ResetAgentServersStats", "/reset servers stats"),
	host(service("DebugEvent", "/debug event <event:json>")),
	service("CustomChatCommand", "// <text:text>"),
	service("CustomChatCommand", "//"),
}

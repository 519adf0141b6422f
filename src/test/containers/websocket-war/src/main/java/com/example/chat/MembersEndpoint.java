package com.example.chat;

import jakarta.websocket.server.ServerEndpoint;

/** The same for those who log in: web.xml demands BASIC of the handshake. */
@ServerEndpoint(value = "/members", configurator = ChatEndpoint.WithSession.class)
public class MembersEndpoint extends ChatEndpoint {}

package com.example.chat;

import jakarta.servlet.annotation.WebListener;
import jakarta.servlet.http.HttpSessionListener;

/** Wants to know of sessions; that there is one makes a time-out be told within seconds. */
@WebListener
public class Visitors implements HttpSessionListener {}

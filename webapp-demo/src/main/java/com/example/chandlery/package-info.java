/**
 * A small shop as web applications have been written for twenty years: servlets, beans in the
 * {@code HttpSession}, a cart that is changed in place. It imports the Servlet API and the JDK,
 * nothing else; where its sessions live it neither knows nor can find out.
 */
package com.example.chandlery;

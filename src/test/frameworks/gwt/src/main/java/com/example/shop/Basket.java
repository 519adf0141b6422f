package com.example.shop;

import com.google.gwt.user.client.rpc.RemoteService;
import com.google.gwt.user.client.rpc.RemoteServiceRelativePath;
import com.google.gwt.user.server.rpc.XsrfProtect;
import java.util.ArrayList;

/** What the browser calls. */
@XsrfProtect
@RemoteServiceRelativePath("basket")
public interface Basket extends RemoteService {

  /** Adds an article and tells all. */
  ArrayList<String> add(String article);
}

package com.example.shop.services;

import org.apache.tapestry5.SymbolConstants;
import org.apache.tapestry5.commons.MappedConfiguration;
import org.apache.tapestry5.http.TapestryHttpSymbolConstants;

/** The application's settings. */
public class AppModule {

  public static void contributeApplicationDefaults(MappedConfiguration<String, Object> settings) {
    settings.add(SymbolConstants.SUPPORTED_LOCALES, "en");
    settings.add(TapestryHttpSymbolConstants.PRODUCTION_MODE, true);
    settings.add(SymbolConstants.HMAC_PASSPHRASE, "of every node the same");
  }
}

package dev.holdfast.security;

import java.util.HashSet;
import java.util.Set;

/**
 * Classes of widespread frameworks that they keep in sessions, chosen because their purpose is to
 * hold data: none is meant to look anything up, load a class or run what it holds when it is read.
 * Spelled out one by one, for their packages hold others that do.
 *
 * <p>Left out on purpose: an uninitialised Hibernate proxy ({@code SerializableProxy}), which only
 * the factory that made it can read again; Wicket's pages themselves, which come as bytes of
 * Wicket's own serializer when it keeps them in the session.
 */
final class FrameworkSessionClasses {
  static final Set<String> NAMES = names();

  private static final String SPRING_SECURITY =
      "core.context.SecurityContext core.context.SecurityContextImpl core.Authentication "
          + "core.AuthenticationException core.GrantedAuthority core.CredentialsContainer "
          + "core.userdetails.User core.userdetails.User$AuthorityComparator "
          + "core.userdetails.UserDetails core.userdetails.UsernameNotFoundException "
          + "core.authority.SimpleGrantedAuthority core.authority.FactorGrantedAuthority "
          + "authentication.AbstractAuthenticationToken "
          + "authentication.UsernamePasswordAuthenticationToken "
          + "authentication.AnonymousAuthenticationToken authentication.RememberMeAuthenticationToken "
          + "authentication.AccountExpiredException authentication.AccountStatusException "
          + "authentication.AuthenticationCredentialsNotFoundException "
          + "authentication.AuthenticationServiceException authentication.BadCredentialsException "
          + "authentication.CredentialsExpiredException authentication.DisabledException "
          + "authentication.InsufficientAuthenticationException "
          + "authentication.InternalAuthenticationServiceException authentication.LockedException "
          + "authentication.ProviderNotFoundException "
          + "web.authentication.WebAuthenticationDetails "
          + "web.authentication.preauth.PreAuthenticatedAuthenticationToken "
          + "web.authentication.preauth.PreAuthenticatedGrantedAuthoritiesWebAuthenticationDetails "
          + "web.authentication.switchuser.SwitchUserGrantedAuthority web.csrf.DefaultCsrfToken "
          + "web.savedrequest.DefaultSavedRequest web.savedrequest.SavedCookie "
          + "web.savedrequest.SimpleSavedRequest";

  private static final String HIBERNATE =
      "AbstractPersistentCollection PersistentBag PersistentIdentifierBag PersistentList PersistentMap "
          + "PersistentSet PersistentSortedMap PersistentSortedSet";

  private static final String MOJARRA =
      "com.sun.faces.util.LRUMap com.sun.faces.context.StateHolderSaver "
          + "com.sun.faces.application.view.StateHolderSaver "
          + "com.sun.faces.application.view.ViewScopeContextObject jakarta.faces.component.StateHolderSaver";

  private static final String MYFACES =
      "org.apache.myfaces.application.viewstate.SerializedViewCollection "
          + "org.apache.myfaces.application.viewstate.SerializedViewKey "
          + "org.apache.myfaces.application.viewstate.SerializedViewKeyIntInt "
          + "org.apache.myfaces.application.viewstate.SerializedViewKeyIntByteArray "
          + "org.apache.myfaces.view.facelets.AttachedFullStateWrapper "
          + "jakarta.faces.component._AttachedStateWrapper jakarta.faces.component._AttachedDeltaWrapper "
          + "jakarta.faces.component._AttachedListStateWrapper "
          + "jakarta.faces.component._AttachedCollectionStateWrapper";

  private static final String WICKET =
      "Session Session$PageAccessSynchronizerProvider MetaDataEntry MetaDataKey util.LazyInitializer "
          + "protocol.http.WebSession protocol.http.ClientProperties "
          + "protocol.http.request.WebClientInfo core.request.ClientInfo util.io.IClusterable "
          + "feedback.FeedbackMessages feedback.FeedbackMessage "
          + "page.PageAccessSynchronizer page.DefaultPageLockManager "
          + "pageStore.SerializedPage pageStore.InSessionPageStore$SessionData "
          + "pageStore.InSessionPageStore$CountLimitedData pageStore.InSessionPageStore$SizeLimitedData "
          + "pageStore.CryptingPageStore$SessionData pageStore.GroupingPageStore$SessionData "
          + "pageStore.AbstractPersistentPageStore$SessionAttribute";

  /** What Weld wraps a bean of the session in; what is injected there is named, not written. */
  private static final String WELD =
      "contexts.beanstore.LockStore contexts.CreationalContextImpl "
          + "contexts.CreationalContextImpl$SerializationProxy "
          + "contexts.SerializableContextualInstanceImpl "
          + "contexts.SerializableContextualFactory$AbstractSerializableBean "
          + "contexts.SerializableContextualFactory$AbstractSerializableContextual "
          + "contexts.SerializableContextualFactory$DefaultSerializableBean "
          + "contexts.SerializableContextualFactory$DefaultSerializableContextual "
          + "contexts.SerializableContextualFactory$PassivationCapableSerializableBean "
          + "contexts.SerializableContextualFactory$PassivationCapableSerializableContextual "
          + "contexts.SerializableContextualFactory$SerializableContextualHolder "
          + "bean.proxy.util.SerializableClientProxy bean.StringBeanIdentifier "
          + "bean.ManagedBeanIdentifier bean.ProducerMethodIdentifier "
          + "annotated.slim.AnnotatedTypeIdentifier serialization.BeanIdentifierIndex";

  private FrameworkSessionClasses() {}

  private static Set<String> names() {
    Set<String> names = new HashSet<>();
    add(names, "org.springframework.security.", SPRING_SECURITY);
    names.add("org.springframework.web.servlet.FlashMap");
    add(names, "org.hibernate.collection.spi.", HIBERNATE);
    add(names, "org.hibernate.collection.internal.", HIBERNATE);
    add(names, "", MOJARRA);
    add(names, "", MYFACES);
    add(names, "org.apache.wicket.", WICKET);
    add(names, "org.jboss.weld.", WELD);
    return Set.copyOf(names);
  }

  private static void add(Set<String> names, String prefix, String simpleNames) {
    for (String name : simpleNames.split(" ", -1)) {
      names.add(prefix + name);
    }
  }
}

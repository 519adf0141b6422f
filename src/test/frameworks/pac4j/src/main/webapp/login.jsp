<%@ page contentType="text/html;charset=UTF-8" %>
<form method="post" action="callback?client_name=FormClient">
  <input name="username"/><input name="password" type="password"/> ${param.error}
</form>

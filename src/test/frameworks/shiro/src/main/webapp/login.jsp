<%@ page contentType="text/html;charset=UTF-8" %>
<form method="post">
  ${empty shiroLoginFailure ? 'please log in' : 'wrong name or password'}
  <input name="username"/><input name="password" type="password"/>
</form>

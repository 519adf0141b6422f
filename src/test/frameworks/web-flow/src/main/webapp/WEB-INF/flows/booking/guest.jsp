<%@ page contentType="text/html;charset=UTF-8" %>
<form method="post" action="${flowExecutionUrl}">
  guest: <input name="guest" value="${booking.guest}"/>
  <button name="_eventId_next">next</button>
</form>

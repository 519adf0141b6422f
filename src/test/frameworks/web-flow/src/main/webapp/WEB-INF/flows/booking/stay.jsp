<%@ page contentType="text/html;charset=UTF-8" %>
<form method="post" action="${flowExecutionUrl}">
  guest ${booking.guest} stays <input name="nights" value="${booking.nights}"/>
  messages: ${flowRequestContext.messageContext.allMessages[0].text}
  <button name="_eventId_next">next</button>
</form>

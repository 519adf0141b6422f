<%@ page contentType="text/html;charset=UTF-8" %>
<form method="post" action="${flowExecutionUrl}">
  guest ${booking.guest} stays ${booking.nights} for ${booking.price}, shown ${shown} times
  <button name="_eventId_book">book</button>
</form>

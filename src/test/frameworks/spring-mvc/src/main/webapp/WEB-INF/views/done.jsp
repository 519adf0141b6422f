<%@ page contentType="text/plain;charset=UTF-8" %>
sent ${empty sent ? 'nothing' : sent.items.size().toString().concat(' items')}

<%@ page contentType="text/plain;charset=UTF-8" %>
items: ${order.items}
flash: ${empty added ? 'none' : 'added '.concat(added.name())}
${not empty rejected ? 'rejected: '.concat(rejected.fieldError.field) : ''}

<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="html" uri="http://struts.apache.org/tags-html" %><%@ taglib prefix="bean" uri="http://struts.apache.org/tags-bean" %>
<bean:message key="greeting"/>
<html:form action="/first"><html:text property="name"/><html:text property="age"/></html:form>

<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="html" uri="http://struts.apache.org/tags-html" %><%@ taglib prefix="bean" uri="http://struts.apache.org/tags-bean" %>
<html:errors/>
name <bean:write name="surveyForm" property="name"/>
<html:form action="/second"><html:text property="answers[0]"/><html:text property="answers[1]"/></html:form>

<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="html" uri="http://struts.apache.org/tags-html" %><%@ taglib prefix="bean" uri="http://struts.apache.org/tags-bean" %>
<html:messages id="message" message="true">message: <bean:write name="message"/></html:messages>
name <bean:write name="surveyForm" property="name"/> age <bean:write name="surveyForm" property="age"/> answers <bean:write name="surveyForm" property="answers[0]"/>, <bean:write name="surveyForm" property="answers[1]"/>

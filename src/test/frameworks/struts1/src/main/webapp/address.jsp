<%@ page contentType="text/html;charset=UTF-8" %><%@ taglib prefix="html" uri="http://struts.apache.org/tags-html" %><%@ taglib prefix="bean" uri="http://struts.apache.org/tags-bean" %>
<html:errors/>
street <bean:write name="addressForm" property="street"/> changed <bean:write name="addressForm" property="changes"/> times

